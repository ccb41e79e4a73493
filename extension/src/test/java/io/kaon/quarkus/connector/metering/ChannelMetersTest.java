// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.metering;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.quarkus.connector.metering.ChannelMeter.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ChannelMetersTest {
    private final ChannelMeters meters = new ChannelMeters();

    @Test
    void shouldTellWhatIsInFlightFromWhatBeganAndEnded() {
        // Given
        ChannelMeter in = meters.open(Direction.INCOMING, "in");
        ChannelMeter out = meters.open(Direction.OUTGOING, "out");

        // When
        in.received(10);
        in.acknowledged(4);
        in.failed(1);
        in.dropped(2);
        out.accepted(5);
        out.sent(2);
        out.sendFailed(1);

        // Then
        assertThat(in.inFlight()).isEqualTo(3);
        assertThat(out.inFlight()).isEqualTo(2);
    }

    @Test
    void shouldKnowNoLagUntilSomebodyTellsIt() {
        // Given
        ChannelMeter meter = meters.open(Direction.INCOMING, "in");
        TopicPartition partition = new TopicPartition("t", 0);

        // When
        Map<TopicPartition, Long> before = meter.lag();
        meter.lagFrom(() -> Map.of(partition, 7L));

        // Then
        assertThat(before).isEmpty();
        assertThat(meter.lag()).containsEntry(partition, 7L);
    }

    @Test
    void shouldShareOneMeterUntilItsLastUserCloses() {
        // Given
        ChannelMeter first = meters.open(Direction.INCOMING, "in");
        ChannelMeter second = meters.open(Direction.INCOMING, "in");

        // When
        meters.close(first);
        List<ChannelMeter> afterFirst = meters.all();
        meters.close(second);

        // Then
        assertThat(second).isSameAs(first);
        assertThat(afterFirst).containsExactly(first);
        assertThat(meters.all()).isEmpty();
    }

    @Test
    void shouldKeepBothDirectionsOfOneNameApart() {
        // When
        ChannelMeter in = meters.open(Direction.INCOMING, "both");
        ChannelMeter out = meters.open(Direction.OUTGOING, "both");

        // Then
        assertThat(meters.all()).containsExactlyInAnyOrder(in, out);
    }

    @Test
    void shouldTellListenersOfChannelsBeforeAndAfterThem() {
        // Given
        List<String> told = new ArrayList<>();
        ChannelMeter before = meters.open(Direction.INCOMING, "before");

        // When
        meters.listen(new ChannelMeters.Listener() {
            @Override
            public void opened(ChannelMeter meter) {
                told.add("+" + meter.channel());
            }

            @Override
            public void closed(ChannelMeter meter) {
                told.add("-" + meter.channel());
            }
        });
        meters.open(Direction.OUTGOING, "after");
        meters.close(before);
        meters.close(before);

        // Then
        assertThat(told).containsExactly("+before", "+after", "-before");
    }
}
