package org.acme.kaon;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/** Reads the topic "ticks" and prints what it reads. Change the sentence while dev mode runs. */
@ApplicationScoped
public class Printer {

    private static final Logger LOG = Logger.getLogger(Printer.class);

    private final List<Long> printed = new CopyOnWriteArrayList<>();

    @Incoming("ticks-in")
    void print(long tick) {
        LOG.infof("Tick %d", tick);
        printed.add(tick);
    }

    List<Long> printed() {
        return printed;
    }
}
