// SPDX-License-Identifier: Apache-2.0
package io.kaon.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.it.client.GroupChurn;
import io.kaon.it.client.GroupCrowd;
import io.kaon.it.client.GroupMembers;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both group protocols, driven by unmodified kafka-clients against the packaged server. */
class GroupsIT {
    private static final String CROWD = "100";

    @TempDir
    static Path data;

    private static ServerProcess server;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(
                data,
                "quarkus.kaon.broker.config.\"num.partitions\"=6",
                "quarkus.kaon.broker.config.\"group.initial.rebalance.delay.ms\"=0",
                "quarkus.kaon.broker.config.\"group.consumer.heartbeat.interval.ms\"=200",
                "quarkus.kaon.broker.config.\"group.consumer.min.heartbeat.interval.ms\"=200");
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @Test
    void shouldKeepWhatTheClassicProtocolPromises() {
        // When
        String seen = members("new", "classic");

        // Then
        assertThat(seen)
                .contains(
                        "join and leave: 6, 3 3, 2 2 2, 3 3, 6",
                        "resumed with value-5 noted, committed 20",
                        "cooperative: given 6, taken 3",
                        "static: same partitions true, the other was given 0 and lost 0",
                        "same instance twice: first FencedInstanceIdException, second none",
                        "range: 2 4, uniform: 3 3",
                        "refused: InconsistentGroupProtocolException, InvalidSessionTimeoutException",
                        "migration: shared as Consumer, then Consumer",
                        "pattern: 3, then 6 partitions");
    }

    @Test
    void shouldKeepWhatTheConsumerProtocolPromises() {
        // When
        String seen = members("new", "consumer");

        // Then
        assertThat(seen)
                .contains(
                        "join and leave: 6, 3 3, 2 2 2, 3 3, 6",
                        "resumed with value-5 noted, committed 20",
                        "cooperative: given 6, taken 3",
                        "static: same partitions true, the other was given 0 and lost 0",
                        "same instance twice: first none, second UnreleasedInstanceIdException",
                        "range: 2 4, uniform: 3 3",
                        "refused: UnsupportedAssignorException, InvalidRegularExpression",
                        "migration: shared as Consumer, then Classic",
                        "pattern: 3, then 6 partitions");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldShareOutToAHundredMembers(String protocol) {
        // When
        String crowd = Strangers.client(
                        "new",
                        GroupCrowd.class,
                        server.bootstrap(),
                        "crowd-" + protocol,
                        "crowd-" + protocol,
                        protocol,
                        CROWD)
                .succeeded();

        // Then
        assertThat(crowd).contains("100 members shared 200 partitions");
    }

    @ParameterizedTest
    @ValueSource(strings = {"uniform", "range"})
    void shouldShowAGroupOfTheNewProtocolEachRecordWhileMembersLeaveAndJoin(String assignor) {
        // When
        String churn = Strangers.client(
                        "new",
                        GroupChurn.class,
                        server.bootstrap(),
                        "churn-" + assignor,
                        "churners-" + assignor,
                        "3000",
                        "group.protocol=consumer",
                        "group.remote.assignor=" + assignor)
                .succeeded();

        // Then
        assertThat(churn).contains("seen 3000");
    }

    private static String members(String release, String protocol) {
        return Strangers.client(release, GroupMembers.class, server.bootstrap(), "members-" + protocol, protocol)
                .succeeded();
    }
}
