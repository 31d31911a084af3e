/**
 * That the client for {@code javax.jms}, which the build makes from the bytecode of the one for {@code jakarta.jms}, is whole: all of
 * it renamed, every reference links against the API of JMS 2.0, found under the names that users type. What it does is tested by the
 * client's own tests, which the build carries over in the same way. Begin with {@link io.posthorn.javax.made.LinkageTest}.
 */
package io.posthorn.javax.made;
