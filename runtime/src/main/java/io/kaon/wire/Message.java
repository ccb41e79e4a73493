// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

/** Anything that the generator makes: a request, a response, a record that we persist, or a structure inside one. */
public interface Message {
    /**
     * Replaces every field by what the input says; fields that the version lacks become their default.
     *
     * @throws MalformedFrameException when the bytes are not such a message
     */
    void read(WireReader in, short version);

    /**
     * Writes the fields of that version.
     *
     * @throws UnsupportedFieldException when a field holds something that the version cannot express and that must
     * not be lost
     */
    void write(WireWriter out, short version);
}
