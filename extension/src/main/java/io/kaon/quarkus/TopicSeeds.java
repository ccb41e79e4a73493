// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus;

import io.kaon.broker.Broker;
import io.kaon.broker.seed.RecordsFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/** The records that the configuration puts into topics. Immutable; used by a thread that may block. */
public final class TopicSeeds {
    private static final Logger LOG = Logger.getLogger(TopicSeeds.class);

    private final Map<String, RecordsFile> files;

    private TopicSeeds(Map<String, RecordsFile> files) {
        this.files = files;
    }

    /**
     * @param resources finds files of the class path
     * @throws IllegalArgumentException when a file is not there; the message names the key
     */
    public static TopicSeeds of(KaonBrokerConfig config, ClassLoader resources) {
        Map<String, RecordsFile> files = new TreeMap<>();
        config.topics().forEach((topic, settings) -> settings.recordsFile()
                .ifPresent(name -> files.put(topic, find(topic, name, resources))));
        return new TopicSeeds(files);
    }

    private static RecordsFile find(String topic, String name, ClassLoader resources) {
        return RecordsFile.find(name, resources)
                .orElseThrow(() -> new IllegalArgumentException("quarkus.kaon.broker.topics.\"" + topic
                        + "\".records-file: there is no '" + name + "', neither on the class path nor at "
                        + Path.of(name).toAbsolutePath()));
    }

    /** Seeds the topics that never held a record. */
    public void seed(Broker broker) {
        files.forEach(broker::seed);
    }

    /**
     * The same, over the reloads of one session: a topic whose file was edited since gets the new records instead of
     * the old ones.
     *
     * @param seen what each topic was seeded with in this session, by fingerprint; written here
     */
    void seedWhatChanged(Broker broker, Map<String, String> seen) {
        Map<String, String> before = Map.copyOf(seen);
        Map<String, String> now = new HashMap<>();
        files.forEach((topic, file) -> now.put(topic, file.fingerprint()));
        seen.keySet().retainAll(now.keySet());
        now.forEach((topic, fingerprint) -> {
            String known = before.get(topic);
            RecordsFile file = files.get(topic);
            if (known == null) {
                seen.put(topic, broker.seed(topic, file) > 0 ? fingerprint : NOT_OURS);
            } else if (!known.equals(fingerprint) && !known.equals(NOT_OURS)) {
                LOG.infof("%s was edited: the topic %s gets its records instead of those that it holds", file, topic);
                broker.seedAnew(topic, file);
                seen.put(topic, fingerprint);
            }
        });
    }

    /** Of a topic that held records when the session began, or an empty file: editing the file must not delete them. */
    private static final String NOT_OURS = "";
}
