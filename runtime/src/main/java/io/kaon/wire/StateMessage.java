// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

/** A record that we persist: key or value of an internal topic, or an entry of the metadata journal. */
public interface StateMessage extends Message {
    /** The number that tells the record types of one log apart: the int16 before the key in an internal topic. */
    short recordType();

    /** The oldest version that can be read and written. */
    short lowestVersion();

    /** The newest version that can be read and written. */
    short highestVersion();
}
