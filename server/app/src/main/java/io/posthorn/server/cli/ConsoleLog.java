package io.posthorn.server.cli;

import ch.qos.logback.classic.ClassicConstants;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.slf4j.Logger;

/**
 * The runnable jar's own way to log: INFO and above to standard output, one line for each event. In code and not in XML,
 * because reading XML takes longer than the rest of the start. Registered in the runnable jar only, so an application that
 * embeds the server keeps its own; {@code -Dlogback.configurationFile=FILE} takes precedence.
 */
public final class ConsoleLog extends ContextAwareBase implements Configurator {

    @Override
    public ExecutionStatus configure(LoggerContext loggers) {
        if (System.getProperty(ClassicConstants.CONFIG_FILE_PROPERTY) != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        LineLayout layout = new LineLayout();
        layout.setContext(loggers);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(loggers);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(loggers);
        console.setName("console");
        console.setEncoder(encoder);
        console.start();
        loggers.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.INFO);
        loggers.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(console);
        loggers.getLogger("io.netty").setLevel(Level.WARN);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Time, level, thread, last part of the logger's name, message; local time. */
    private static final class LineLayout extends LayoutBase<ILoggingEvent> {

        private final ZoneId zone = ZoneId.systemDefault();

        @Override
        public String doLayout(ILoggingEvent event) {
            StringBuilder line = new StringBuilder(160);
            LocalDateTime time = LocalDateTime.ofInstant(Instant.ofEpochMilli(event.getTimeStamp()), zone);
            line.append(time.getYear());
            padded(line.append('-'), time.getMonthValue(), 2);
            padded(line.append('-'), time.getDayOfMonth(), 2);
            padded(line.append(' '), time.getHour(), 2);
            padded(line.append(':'), time.getMinute(), 2);
            padded(line.append(':'), time.getSecond(), 2);
            padded(line.append('.'), time.getNano() / 1_000_000, 3);
            String level = event.getLevel().toString();
            line.append(' ').append(level).append(" ".repeat(Math.max(1, 6 - level.length())));
            String logger = event.getLoggerName();
            line.append('[').append(event.getThreadName()).append("] ");
            line.append(logger, logger.lastIndexOf('.') + 1, logger.length());
            line.append(" - ").append(event.getFormattedMessage()).append(System.lineSeparator());
            if (event.getThrowableProxy() != null) {
                line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
            return line.toString();
        }

        private static void padded(StringBuilder line, int number, int digits) {
            String text = Integer.toString(number);
            for (int missing = digits - text.length(); missing > 0; missing--) {
                line.append('0');
            }
            line.append(text);
        }
    }
}
