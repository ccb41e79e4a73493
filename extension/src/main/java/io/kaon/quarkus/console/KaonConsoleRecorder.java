// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.console;

import io.kaon.quarkus.rest.KaonRestConfig;
import io.kaon.quarkus.rest.PageGate;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.RuntimeValue;
import io.quarkus.runtime.annotations.Recorder;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/** Puts the page {@code /kaon} on the HTTP server of the application, if it is enabled. */
@Recorder
public class KaonConsoleRecorder {
    private final RuntimeValue<KaonConsoleConfig> console;
    private final RuntimeValue<KaonRestConfig> rest;

    public KaonConsoleRecorder(RuntimeValue<KaonConsoleConfig> console, RuntimeValue<KaonRestConfig> rest) {
        this.console = console;
        this.rest = rest;
    }

    /**
     * The handler of {@code /kaon} and everything beneath it.
     *
     * @param knowsUsers whether the application has a security extension
     * @throws ConfigurationException when the console is wanted and the API that it shows is off
     */
    public Handler<RoutingContext> handler(LaunchMode launchMode, boolean knowsUsers) {
        boolean isApiOn = rest.getValue().enabled().orElse(launchMode.isDevOrTest());
        if (!console.getValue().enabled().orElse(launchMode.isDevOrTest() && isApiOn)) {
            return RoutingContext::next;
        }
        if (!isApiOn) {
            throw new ConfigurationException("quarkus.kaon.console.enabled is on, but what the console shows comes from"
                    + " the API under /v3, which is off. Add quarkus.kaon.rest.enabled=true.");
        }
        PageGate gate = PageGate.of(rest.getValue(), launchMode, knowsUsers);
        ConsoleHandler pages =
                new ConsoleHandler(PageGate.rootPath(), new ConsoleFiles(ConsoleHandler.class.getClassLoader()));
        return context -> gate.check(context, pages);
    }
}
