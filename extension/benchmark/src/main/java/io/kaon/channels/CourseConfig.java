// SPDX-License-Identifier: Apache-2.0
package io.kaon.channels;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What one run of the application measures; the channels that take part are enabled beside it. */
@ConfigMapping(prefix = "channels")
interface CourseConfig {
    /** The name under which the figures are printed. */
    @WithDefault("direct")
    String label();

    /** The topic of all channels that have a connector. */
    String topic();

    /** The class that writes and the class that reads the payload, without the ending that tells which. */
    String value();

    /** The way that is measured. */
    @WithDefault("direct")
    Path path();

    /** The name of the method that consumes, for the table. */
    @WithDefault("worker")
    String mode();

    /** Messages of one round. */
    @WithDefault("100000")
    int messages();

    /** Characters or bytes of one payload. */
    @WithDefault("100")
    int bytes();

    /** Rounds before those that count. */
    @WithDefault("2")
    int warmUpRounds();

    /** Rounds that count. */
    @WithDefault("5")
    int rounds();

    /** How many seconds one round may take. */
    @WithDefault("120")
    int longestSeconds();

    /** From where to where messages are followed. */
    enum Path {
        /** From the generator to the consumer in this application, without a connector. */
        DIRECT,
        /** The same, without a connector, to a consumer on a worker thread. */
        DIRECT_WORKER,
        /** From the generator by the log to the consumer. */
        WHOLE,
        /** From the generator until the log's acknowledgement has come back. */
        OUTGOING,
        /** From a log that is full already to the consumer. */
        INCOMING
    }
}
