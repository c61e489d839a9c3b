package io.dioagent.events;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;

/** The fields of {@link Read} and {@link Write}, which have the same ones. */
public abstract sealed class Transfer extends RequestEnd permits Read, Write {

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
