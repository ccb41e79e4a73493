// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

/**
 * What is wrong with one field of a request.
 *
 * @param field name of a parameter, or path of a member such as {@code configs[2].name}; {@code body} for the whole
 * @param message what is expected there, and what was given
 */
public record FieldError(String field, String message) {}
