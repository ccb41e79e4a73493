// SPDX-License-Identifier: Apache-2.0
package io.kaon.controller;

import io.kaon.common.ErrorCode;

/** Why something is not done. */
record Rejected(ErrorCode code, String message) {}
