// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordination;

/** The port to the election of the active controller. */
public interface ControllerElection {
    /** Takes part from now on; the listener is called inside the journal's owner. */
    void campaign(Listener listener);

    /** Takes part no longer; an office is given up. */
    void withdraw();

    /** Told of a broker's own luck. */
    interface Listener {
        /** This broker is the controller. The epoch is larger than that of every controller before. */
        void onElected(int controllerEpoch);

        /** This broker is the controller no longer: whatever it still appends will fail. */
        void onResigned();
    }
}
