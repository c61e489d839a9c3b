package io.dioagent.events;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;

/** The fields of an event about one request. JFR lists them behind the event's own fields. */
public abstract class RequestEvent extends Event {

  @Label("Request Id")
  @RequestId
  public long requestId;

  @Label("Path")
  @Description(FieldText.PATH)
  public String path;

  @Label("Offset")
  @Description(FieldText.OFFSET)
  @DataAmount
  public long offset;

  @Label("Length")
  @Description(FieldText.LENGTH)
  @DataAmount
  public long length;

  RequestEvent() {}
}
