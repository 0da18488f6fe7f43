namespace Weir.Applier.Libbpf;

/// <summary>Error numbers of Linux (include/uapi/asm-generic/errno.h) that the applier tells apart.</summary>
public static class Errno
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int TooBig = 7;
    public const int Again = 11;
    public const int NoMemory = 12;
    public const int AccessDenied = 13;
    public const int Busy = 16;
    public const int Exists = 17;
    public const int NoDevice = 19;
    public const int InvalidArgument = 22;
    public const int NoSpace = 28;
    public const int NoLink = 67;
    public const int NotSupported = 95;
}
