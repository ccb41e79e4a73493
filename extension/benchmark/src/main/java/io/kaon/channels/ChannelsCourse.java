// SPDX-License-Identifier: Apache-2.0
package io.kaon.channels;

import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** Runs the rounds and prints a line for each that counts: {@link ChannelTable} makes a table of such lines. */
@QuarkusMain
public final class ChannelsCourse implements QuarkusApplication {
    private static final double NS_PER_SECOND = 1e9;
    private static final double NS_PER_US = 1e3;

    @Inject
    CourseConfig config;

    @Inject
    Rounds rounds;

    @Inject
    Tally tally;

    @Override
    public int run(String... arguments) throws InterruptedException {
        long end = System.nanoTime();
        for (int round = 0; round < config.warmUpRounds() + config.rounds(); round++) {
            // A full log is read without a pause, so one round begins where the one before ended.
            long start = config.path() == CourseConfig.Path.INCOMING ? end : System.nanoTime();
            long cpuStart = cpuNs();
            rounds.next();
            end = tally.awaitRoundEnd(config.longestSeconds());
            if (round >= config.warmUpRounds()) {
                print(end - start, cpuNs() - cpuStart);
            }
        }
        return 0;
    }

    private void print(long tookNs, long cpuNs) {
        System.out.printf(
                Locale.ROOT,
                "FIGURE\t%s\t%s\t%s\t%.0f\t%.3f%n",
                config.path().name().split("_")[0].toLowerCase(Locale.ROOT),
                config.mode(),
                config.label(),
                config.messages() / (tookNs / NS_PER_SECOND),
                cpuNs / NS_PER_US / config.messages());
    }

    /** Of this process: on a machine with other work it says more than the rate. */
    private static long cpuNs() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }
}
