// SPDX-License-Identifier: Apache-2.0
package io.kaon.it.stress;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Loads a server that is stopped and killed under it, and checks what it keeps: {@code bootstrap seed}. Reads commands
 * (start, stop, check) from standard input; answers each with the findings so far, a line each, and {@code done command}.
 */
public final class StressProgram {
    private StressProgram() {}

    public static void main(String[] args) throws IOException {
        System.err.println("stress: seed " + args[1]);
        StressLoad load = new StressLoad(new StressRun(new Clients(args[0]), Long.parseLong(args[1])));
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            perform(command, load);
            load.run().takeFindings().forEach(StressProgram::print);
            System.err.println("stress: " + command + ": " + load.run().progress());
            System.out.println("done " + command);
            System.out.flush();
        }
    }

    /** Once for the test that asked, once for whoever watches. */
    private static void print(String finding) {
        System.out.println(finding);
        System.err.println("stress: found " + finding);
    }

    private static void perform(String command, StressLoad load) {
        try {
            switch (command) {
                case "start" -> load.start();
                case "stop" -> load.stop();
                case "check" -> load.check();
                default -> throw new IllegalArgumentException("start, stop or check, not " + command);
            }
        } catch (Exception failure) {
            load.run().found("%s failed: %s", command, failure);
        }
    }
}
