// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

import java.util.Locale;

/**
 * A field of a structure. All version sets lie within the valid versions of its message.
 *
 * @param name as in the definition
 * @param versions in which the field exists at all
 * @param nullable in which it may be null
 * @param tagged in which it is a tagged field, under {@code tag}
 * @param tag −1 if it is never tagged
 * @param flexible in which its own lengths are compact, if not the message's
 * @param ignorable whether a value may be dropped when the version has no such field
 * @param defaultValue as written in the definition, empty if it is not
 */
record Field(
        String name,
        FieldType type,
        Versions versions,
        Versions nullable,
        Versions tagged,
        int tag,
        Versions flexible,
        boolean ignorable,
        String defaultValue) {

    String javaName() {
        return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }

    String setterName() {
        return "set" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    boolean isNullByDefault() {
        return defaultValue.equals("null");
    }

    Field withType(FieldType newType) {
        return new Field(name, newType, versions, nullable, tagged, tag, flexible, ignorable, defaultValue);
    }

    /** This field, restricted to some versions. */
    Field within(Versions some) {
        return new Field(
                name,
                type,
                versions.and(some),
                nullable.and(some),
                tagged.and(some),
                tag,
                flexible.and(some),
                ignorable,
                defaultValue);
    }

    /** This field with the versions of its older self added. Names, defaults and types are of this one. */
    Field joinedWith(Field older) {
        return new Field(
                name,
                type,
                versions.or(older.versions),
                nullable.or(older.nullable),
                tagged.or(older.tagged),
                Math.max(tag, older.tag),
                flexible.or(older.flexible),
                ignorable || older.ignorable,
                defaultValue);
    }
}
