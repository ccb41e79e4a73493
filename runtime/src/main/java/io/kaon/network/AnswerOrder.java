// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

/** In which order the answers of one connection leave. */
enum AnswerOrder {
    /** In the order of the requests, as on a socket. */
    OF_REQUESTS,
    /** Each as soon as it is there: in-JVM callers tell them apart. */
    AS_READY
}
