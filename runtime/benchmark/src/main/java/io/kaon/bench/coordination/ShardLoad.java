// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench.coordination;

import io.kaon.bench.WireConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code ShardLoad HOST:PORT LABEL OFFSETS TIMES COMMAND…}: starts the broker, whose data {@link ShardFill} has
 * filled, and takes the time until an offset of the filled group can be fetched, from the start of the process and
 * from the first connection that is accepted. The command has to become the broker's process. Each round ends with
 * SIGTERM.
 *
 * @see ShardFill
 */
public final class ShardLoad {
    private static final long LONGEST_MS = 180_000;
    private static final long LOOK_MS = 1;
    private static final long STOP_SECONDS = 60;

    private final String address;
    private final List<String> command;

    private ShardLoad(String address, List<String> command) {
        this.address = address;
        this.command = command;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        ShardLoad bench = new ShardLoad(arguments[0], Arrays.asList(arguments).subList(4, arguments.length));
        int times = Integer.parseInt(arguments[3]);
        double[] sinceStart = new double[times];
        double[] sinceAccept = new double[times];
        for (int time = 0; time < times; time++) {
            double[] both = bench.restart();
            sinceStart[time] = both[0];
            sinceAccept[time] = both[1];
        }
        String what = arguments[2] + " offsets in one shard: ms from ";
        Figure.of(arguments[1], what + "the broker's start to the first fetch", sinceStart)
                .print();
        Figure.of(arguments[1], what + "the first connection to the first fetch", sinceAccept)
                .print();
    }

    /** Milliseconds since the start of the process and since the first connection. */
    private double[] restart() throws IOException, InterruptedException {
        long startNs = System.nanoTime();
        Process broker = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            long acceptedNs = 0;
            while (true) {
                if (!broker.isAlive() || Target.msSince(startNs) > LONGEST_MS) {
                    throw new IllegalStateException("The broker does not answer");
                }
                try (WireConnection connection = new WireConnection(address)) {
                    acceptedNs = acceptedNs == 0 ? System.nanoTime() : acceptedNs;
                    while (!connection.isCommitted(ShardFill.FIRST_GROUP, ShardFill.TOPIC, 0)) {
                        Target.pause(LOOK_MS);
                    }
                    return new double[] {Target.msSince(startNs), Target.msSince(acceptedNs)};
                } catch (UncheckedIOException notYet) {
                    Target.pause(LOOK_MS);
                }
            }
        } finally {
            broker.destroy();
            if (!broker.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                broker.destroyForcibly();
            }
        }
    }
}
