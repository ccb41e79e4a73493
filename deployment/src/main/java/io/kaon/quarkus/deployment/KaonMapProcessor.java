// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.kaon.quarkus.deadletters.DeadLetters;
import io.kaon.quarkus.map.ApplicationMap;
import io.kaon.quarkus.map.ApplicationPlan;
import io.kaon.quarkus.map.ApplicationStep;
import io.kaon.quarkus.map.KaonMapRecorder;
import io.kaon.quarkus.map.OpenChannels;
import io.quarkus.arc.deployment.AdditionalBeanBuildItem;
import io.quarkus.arc.deployment.BeanDiscoveryFinishedBuildItem;
import io.quarkus.arc.deployment.SyntheticBeanBuildItem;
import io.quarkus.arc.processor.InjectionPointInfo;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.ExecutionTime;
import io.quarkus.deployment.annotations.Record;
import io.quarkus.smallrye.reactivemessaging.deployment.items.ConnectorManagedChannelBuildItem;
import io.quarkus.smallrye.reactivemessaging.deployment.items.MediatorBuildItem;
import io.smallrye.reactive.messaging.PausableChannel;
import io.smallrye.reactive.messaging.annotations.EmitterFactoryFor;
import io.smallrye.reactive.messaging.annotations.Incomings;
import io.smallrye.reactive.messaging.annotations.Outgoings;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.AnnotationTarget;
import org.jboss.jandex.DotName;
import org.jboss.jandex.MethodInfo;

/** Finds what a map of the application needs: who sends to and receives from which channel, and who moves it. */
class KaonMapProcessor {
    private static final DotName INCOMING = DotName.createSimple(Incoming.class);
    private static final DotName INCOMINGS = DotName.createSimple(Incomings.class);
    private static final DotName OUTGOING = DotName.createSimple(Outgoing.class);
    private static final DotName OUTGOINGS = DotName.createSimple(Outgoings.class);
    private static final DotName CHANNEL = DotName.createSimple(Channel.class);
    private static final DotName EMITTER_FACTORY = DotName.createSimple(EmitterFactoryFor.class);
    private static final DotName PAUSABLE = DotName.createSimple(PausableChannel.class);

    @BuildStep
    AdditionalBeanBuildItem map() {
        return AdditionalBeanBuildItem.builder()
                .addBeanClasses(OpenChannels.class, ApplicationMap.class, DeadLetters.class)
                .addBeanClass("io.kaon.quarkus.map.Plan")
                .setUnremovable()
                .build();
    }

    @BuildStep
    @Record(ExecutionTime.STATIC_INIT)
    SyntheticBeanBuildItem plan(
            KaonMapRecorder recorder,
            List<MediatorBuildItem> mediators,
            BeanDiscoveryFinishedBuildItem beans,
            List<ConnectorManagedChannelBuildItem> managed) {
        List<ApplicationStep> steps = new ArrayList<>();
        mediators.forEach(mediator -> steps.add(method(mediator.getMethod())));
        Set<DotName> emitters = emitterTypes(beans);
        for (InjectionPointInfo point : beans.getInjectionPoints()) {
            AnnotationInstance channel = point.getRequiredQualifier(CHANNEL);
            DotName type = point.getRequiredType().name();
            if (channel != null && !PAUSABLE.equals(type)) {
                List<String> name = List.of(channel.value().asString());
                boolean isSending = emitters.contains(type);
                steps.add(new ApplicationStep(
                        placeOf(point), false, isSending ? List.of() : name, isSending ? name : List.of()));
            }
        }
        steps.sort(Comparator.comparing(ApplicationStep::place));
        Map<String, String> incoming = new HashMap<>();
        Map<String, String> outgoing = new HashMap<>();
        managed.forEach(
                channel -> (channel.isIncoming() ? incoming : outgoing).put(channel.getName(), channel.getConnector()));
        return SyntheticBeanBuildItem.configure(ApplicationPlan.class)
                .scope(Singleton.class)
                .unremovable()
                .supplier(recorder.plan(steps, incoming, outgoing))
                .done();
    }

    private static ApplicationStep method(MethodInfo method) {
        return new ApplicationStep(
                method.declaringClass().name() + "#" + method.name(),
                true,
                channels(method, INCOMING, INCOMINGS),
                channels(method, OUTGOING, OUTGOINGS));
    }

    private static List<String> channels(MethodInfo method, DotName one, DotName several) {
        List<String> channels = new ArrayList<>();
        AnnotationInstance single = method.annotation(one);
        if (single != null) {
            channels.add(single.value().asString());
        }
        AnnotationInstance many = method.annotation(several);
        if (many != null) {
            for (AnnotationInstance each : many.value().asNestedArray()) {
                channels.add(each.value().asString());
            }
        }
        return channels;
    }

    /** The types that send: those that somebody makes emitters of. */
    private static Set<DotName> emitterTypes(BeanDiscoveryFinishedBuildItem beans) {
        return beans.beanStream().classBeans().stream()
                .map(bean ->
                        bean.getTarget().map(AnnotationTarget::asClass).map(type -> type.annotation(EMITTER_FACTORY)))
                .flatMap(Optional::stream)
                .map(factory -> factory.value().asClass().name())
                .collect(Collectors.toSet());
    }

    private static String placeOf(InjectionPointInfo point) {
        AnnotationTarget target = point.getAnnotationTarget();
        if (target == null) {
            return point.getTargetInfo();
        }
        return switch (target.kind()) {
            case FIELD ->
                target.asField().declaringClass().name() + "#"
                        + target.asField().name();
            case METHOD_PARAMETER -> placeOf(target.asMethodParameter().method());
            case METHOD -> placeOf(target.asMethod());
            default -> point.getTargetInfo();
        };
    }

    private static String placeOf(MethodInfo method) {
        return method.declaringClass().name() + "#" + (method.isConstructor() ? "new" : method.name());
    }
}
