package io.floodlock.runtime.queue.payload;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.floodlock.runtime.queue.record.CallRecord;

/**
 * Makes a restricted Jackson mapper; {@code QueueSite} makes one for each queued method. It writes CBOR, from fields
 * and record components, by declared types only. It writes and reads no class names. It ignores Jackson's annotations,
 * since the application's are other classes than the agent's. It calls no getter, setter or factory method of the
 * application.
 */
public final class PayloadMapper {

    /** The deepest nesting of objects, lists and maps. It ends a cycle too. */
    static final int DEEPEST = 64;

    private PayloadMapper() {}

    /**
     * Creates a mapper. Each queued method has one of its own, so that the types of a redeployed application are
     * unloaded with its methods.
     */
    public static ObjectMapper create() {
        CBORFactory factory = CBORFactory.builder()
                .recyclerPool(PayloadBuffers.SHARED)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEEPEST)
                        .maxStringLength(CallRecord.LONGEST_PAYLOAD)
                        .maxNameLength(CallRecord.LONGEST_NAME)
                        .maxNumberLength(1_000)
                        .build())
                .streamWriteConstraints(StreamWriteConstraints.builder()
                        .maxNestingDepth(DEEPEST)
                        .build())
                .build();
        return CBORMapper.builder(factory)
                .addModule(new JavaTimeModule())
                .addModule(new Jdk8Module())
                .addModule(module())
                .annotationIntrospector(new SealedTypes())
                .visibility(PropertyAccessor.ALL, Visibility.NONE)
                .visibility(PropertyAccessor.FIELD, Visibility.ANY)
                .visibility(PropertyAccessor.CREATOR, Visibility.ANY)
                .enable(MapperFeature.USE_STATIC_TYPING)
                .disable(MapperFeature.USE_GETTERS_AS_SETTERS)
                .disable(MapperFeature.INFER_PROPERTY_MUTATORS)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                // DEEPEST ends every cycle
                .disable(SerializationFeature.FAIL_ON_SELF_REFERENCES)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .enable(SerializationFeature.WRITE_DATES_WITH_ZONE_ID)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .build();
    }

    private static SimpleModule module() {
        SimpleModule module = new SimpleModule();
        module.setSerializers(new SealedTypes.Writers());
        module.setSerializerModifier(new ExactTypeSerializers());
        return module;
    }
}
