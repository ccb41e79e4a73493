// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

/** A message cannot be written in the version asked for without losing what a field says. */
public final class UnsupportedFieldException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;

    private UnsupportedFieldException(String field, String message) {
        super(message);
        this.field = field;
    }

    /** The version has no such field, yet it is set and the protocol does not allow to drop it. */
    public static UnsupportedFieldException absent(String structure, String field, short version) {
        return new UnsupportedFieldException(
                field, structure + "." + field + " is set, but version " + version + " has no such field");
    }

    /** The field is null in a version that has no null for it. */
    public static UnsupportedFieldException isNull(String structure, String field, short version) {
        return new UnsupportedFieldException(
                field, structure + "." + field + " is null, which version " + version + " cannot express");
    }

    /** The field, named as its getter. */
    public String field() {
        return field;
    }
}
