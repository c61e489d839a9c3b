package io.dioagent.events;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.MetadataDefinition;
import jdk.jfr.Name;
import jdk.jfr.Relational;

/**
 * Marks the id of a request: events with the same value in such a field are about the same request.
 * Ids are never reused within one runtime; 0 is no request. They are names, not amounts, and have
 * no unit.
 */
@MetadataDefinition
@Relational
@Name("io.dioagent.RequestId")
@Label("Request Id")
@Description("Events with the same value are about the same request")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface RequestId {}
