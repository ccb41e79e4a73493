// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

/** How the requests of one connection may overlap (design, D4). Responses leave in request order in every case. */
public enum Pipelining {
    /** The next request starts when the router's call for this one has returned: it took its place by then. */
    PIPELINED,
    /** Starts when everything before it but waiting fetches is answered; nothing after it starts before its answer. */
    BARRIER,
    /** No other exclusive request of the connection runs meanwhile; pipelined ones may pass. */
    EXCLUSIVE
}
