// SPDX-License-Identifier: Apache-2.0
package io.kaon.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A broker for a test class, its own and those nested in it: {@link KaonExtension} with what stands here. Constructors
 * and methods of the class may have parameters of the types {@link KaonClient}, {@link Faults},
 * {@link io.kaon.broker.Broker}, and of type String with {@link BootstrapServers}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ExtendWith(KaonExtension.class)
public @interface KaonBroker {
    /** Topics to create, each as {@code name} or {@code name:partitions}. */
    String[] topics() default {};

    /** Broker settings under Kafka's names, each as {@code key=value}. */
    String[] config() default {};

    /** What is undone before each test. */
    Reset reset() default Reset.NONE;

    /** One broker for all test classes of the JVM that say so with equal topics and settings. */
    boolean shared() default false;

    /** System properties that get the broker's address while the class runs. */
    String[] systemProperties() default {};
}
