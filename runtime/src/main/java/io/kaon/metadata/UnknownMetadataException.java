// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata;

/** A journal holds a record that this version of Kaon does not know: a newer one wrote it. */
public final class UnknownMetadataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnknownMetadataException(int type, int version) {
        super("a metadata record of type " + type + ", version " + version + " was written by a newer version of Kaon");
    }
}
