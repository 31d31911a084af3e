/**
 * Reads what Surefire wrote about a public suite, checks that the whole suite ran and passed, and writes a report that people read.
 *
 * <p>Begin with {@link io.posthorn.testkit.report.SuiteReport}. Runs in the build, on one thread; knows nothing of JMS.
 */
package io.posthorn.testkit.report;
