// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

/**
 * The definitions cannot be turned into code. The message says which message, field and version, and fails the build.
 */
public final class GenerationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public GenerationException(String message, Object... arguments) {
        super(String.format(message, arguments));
    }
}
