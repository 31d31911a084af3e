package io.posthorn.gateway.login;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs refused logins, at most one line per peer and minute, so that a client that retries for ever does not fill the
 * disk. Not thread-safe: belongs to the {@link Doorkeeper}'s lock.
 */
final class RefusalLog {

    static final long QUIET_MS = 60_000;
    static final int PEERS_MAX = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);

    private final InstantSource clock;

    private final Map<String, Peer> peers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Peer> eldest) {
            return size() > PEERS_MAX;
        }
    };

    RefusalLog(InstantSource clock) {
        this.clock = clock;
    }

    /** Notes a refusal; returns whether it was worth a line. */
    boolean refused(String host, String user, String reason) {
        long nowMs = clock.millis();
        Peer peer = peers.get(host);
        if (peer != null && nowMs - peer.loggedAtMs < QUIET_MS) {
            peer.suppressed++;
            return false;
        }
        int suppressed = peer == null ? 0 : peer.suppressed;
        peers.put(host, new Peer(nowMs));
        String name = user == null || user.isEmpty() ? "without a user name" : "as '" + printable(user) + "'";
        LOG.warn("Refused login of {} {}: {}{}", host, name, reason, more(suppressed));
        return true;
    }

    private static String more(int suppressed) {
        return suppressed == 0 ? "" : " (and " + suppressed + " more since the last line about this peer)";
    }

    /** What a stranger calls himself must not be able to forge log lines. */
    private static String printable(String text) {
        String cut = text.length() > 64 ? text.substring(0, 64) + "..." : text;
        return cut.replaceAll("[^\\p{Print}]", "?");
    }

    private static final class Peer {
        private final long loggedAtMs;
        private int suppressed;

        private Peer(long loggedAtMs) {
            this.loggedAtMs = loggedAtMs;
        }
    }
}
