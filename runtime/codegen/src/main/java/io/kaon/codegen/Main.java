// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

import java.io.IOException;

/** Turns message definitions into Java sources. Run by the build; nothing at run time depends on it. */
public final class Main {
    private static final String MESSAGE_PACKAGE = "io.kaon.wire.message";
    private static final String STATE_PACKAGE = "io.kaon.wire.state";

    private Main() {}

    /**
     * Writes all sources below {@code --output}; see {@link Options} for the arguments.
     *
     * @throws GenerationException when definitions are missing or contradict each other
     */
    public static void main(String[] arguments) throws IOException {
        Options options = Options.parse(arguments);
        Catalogue catalogue = Catalogue.read(options);
        for (Schema message : catalogue.messages()) {
            MessageWriter.write(MESSAGE_PACKAGE, message).writeTo(options.output());
        }
        ApiKeyWriter.write(MESSAGE_PACKAGE, catalogue.apis()).writeTo(options.output());
        for (Schema state : catalogue.states()) {
            MessageWriter.write(STATE_PACKAGE, state).writeTo(options.output());
        }
        RecordTypeWriter.write(STATE_PACKAGE, catalogue.metadataRecords()).writeTo(options.output());
    }
}
