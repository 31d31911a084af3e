/** Tests of the threads that sessions share, without sessions. */
package io.posthorn.jms.session.dispatch;
