package io.dioagent.events;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;

/** The fields of an event about the result of one request, or of one of its completions. */
public abstract class RequestEnd extends RequestEvent {

  @Label("Result")
  @Description(FieldText.RESULT)
  @DataAmount
  public long result;

  @Label("Error Number")
  @Description(FieldText.ERRNO)
  public int errno;

  @Label("Error")
  @Description(FieldText.ERRNO_NAME)
  public String errnoName;

  RequestEnd() {}
}
