package io.posthorn.jms.fake;

import java.util.ArrayList;
import java.util.List;

/** The work of a branch. */
final class FakeBranch {

    final List<Runnable> onCommit = new ArrayList<>();
    final List<Runnable> onRollback = new ArrayList<>();
    boolean active = true;
    boolean prepared;

    boolean isEmpty() {
        return onCommit.isEmpty();
    }
}
