package io.dioagent.events;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;

/**
 * The fields of {@link Read} and {@link Write}, which have the same ones. JFR lists inherited
 * fields behind an event's own, so a common beginning of otherwise different events cannot be
 * inherited.
 */
public abstract sealed class Transfer extends Event permits Read, Write {

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

  @Label("Direct Bytes")
  @Description("Bytes that went past the page cache; also on an error")
  @DataAmount
  public long directBytes;

  @Label("Buffered Bytes")
  @Description("Bytes that went through the page cache; also on an error")
  @DataAmount
  public long bufferedBytes;

  @Label("Native I/Os")
  @Description("Native I/Os used; 0 if all was read ahead, or only observed")
  public int ios;

  Transfer() {}
}
