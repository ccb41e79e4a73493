// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/** Reloaded again and again. Leaves a weak reference to each of its class loaders where the test finds them. */
@ApplicationScoped
public class ReloadApplication {
    static final String LOADERS = "kaon.test.loaders";
    static final String ADDRESS = "kaon.test.reload.address";

    private final byte[] weight = new byte[1024 * 1024];

    /** Properties hold objects, too. */
    @SuppressWarnings("unchecked")
    void onStart(@Observes StartupEvent event) {
        List<WeakReference<ClassLoader>> loaders = (List<WeakReference<ClassLoader>>)
                System.getProperties().computeIfAbsent(LOADERS, key -> new CopyOnWriteArrayList<>());
        loaders.add(new WeakReference<>(ReloadApplication.class.getClassLoader()));
        System.setProperty(ADDRESS, ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class));
    }

    @Incoming("questions")
    @Outgoing("answers")
    String answer(String question) {
        return weight.length > 0 ? question + " by version 0" : question;
    }
}
