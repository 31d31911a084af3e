package io.posthorn.tck.resumption;

import static org.awaitility.Awaitility.await;

import io.posthorn.testkit.process.LinkProxy;

/** The ways in which a test breaks what is under way. */
enum Break {
    /** The link ends at once. */
    CUT {
        @Override
        void happen(Rig rig) {
            rig.proxy().cut();
        }
    },
    /** The link ends, and the next ones too, before anything was said on them. */
    CUT_AGAIN_DURING_THE_RESUMPTION {
        @Override
        void happen(Rig rig) {
            LinkProxy proxy = rig.proxy();
            proxy.stall(LinkProxy.Direction.TO_CLIENT);
            int before = proxy.acceptedCount();
            proxy.cut();
            await().until(() -> proxy.acceptedCount() > before);
            proxy.cut();
            proxy.flow();
        }
    },
    /** {@code kill -9}, and a restart. */
    KILL {
        @Override
        void happen(Rig rig) {
            rig.killAndRestart();
        }
    },
    /** SIGTERM, and a restart. */
    STOP {
        @Override
        void happen(Rig rig) {
            rig.server().stop();
            rig.server().restart();
        }
    };

    /** Returns when a client can get through again. */
    abstract void happen(Rig rig);
}
