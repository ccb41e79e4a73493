// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/**
 * What discovery finds for a channel of {@link Signatures}: the first part of a serializer's name, {@code json} for one
 * that is generated, nothing where the signature does not tell.
 */
@Retention(RetentionPolicy.RUNTIME)
@interface Expect {
    String value();

    String key() default "";

    boolean batch() default false;

    /** What Quarkus' own discovery lacks there, in a few words; it finds the same where nothing stands here. */
    String better() default "";
}
