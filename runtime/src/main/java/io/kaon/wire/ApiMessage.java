// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

/** A request or a response. */
public interface ApiMessage extends Message {
    /** The id of the api that this message belongs to. */
    short apiKey();

    /** The oldest version that can be read and written. */
    short lowestVersion();

    /** The newest version that can be read and written, which may be newer than the newest we serve. */
    short highestVersion();
}
