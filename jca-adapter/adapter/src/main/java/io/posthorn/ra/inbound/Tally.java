package io.posthorn.ra.inbound;

/** What an endpoint has done so far. Safe from any thread. */
final class Tally {

    private long delivered;
    private long failed;
    private long failuresInRow;
    private String lastFailure;

    synchronized void delivered() {
        delivered++;
        failuresInRow = 0;
    }

    /** A delivery failed. */
    synchronized void failed(Throwable problem) {
        failed++;
        failuresInRow++;
        failure(problem);
    }

    /** Something else failed. */
    synchronized void failure(Throwable problem) {
        lastFailure = String.valueOf(problem);
    }

    synchronized void forgetRow() {
        failuresInRow = 0;
    }

    synchronized long deliveredCount() {
        return delivered;
    }

    synchronized long failedCount() {
        return failed;
    }

    synchronized long failuresInRow() {
        return failuresInRow;
    }

    synchronized String lastFailure() {
        return lastFailure;
    }
}
