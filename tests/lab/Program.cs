using System.Net;
using Weir.Lab.Accounting;
using Weir.Lab.Network;
using Weir.Lab.Servers;
using Weir.Lab.Traffic;
var vip4 = IPAddress.Parse("203.0.113.10"); var vip6 = IPAddress.Parse("2001:db8:ff::10");
var sw = System.Diagnostics.Stopwatch.StartNew();
await using var lab = await LabNetwork.CreateAsync(new LabOptions { Vips = [vip4, vip6] }, default);
Console.WriteLine($"lab {sw.Elapsed}");
// static: VIPs straight to backend 1
(await Weir.Lab.Processes.Command.RunAsync("ip", ["-n", lab.Router.Name, "route", "replace", "203.0.113.0/24", "via", "10.1.1.2"], default)).Required();
(await Weir.Lab.Processes.Command.RunAsync("ip", ["-n", lab.Router.Name, "route", "replace", "2001:db8:ff::/64", "via", "2001:db8:1:1::2"], default)).Required();
var http = new IPEndPoint[] { new(vip4, 80), new(vip6, 80) }; var echo = new IPEndPoint[] { new(vip4, 7), new(vip6, 7) };
using var servers = ServerSet.Start(lab, http, echo);
var ledger = PacketLedger.Open(lab);
var s = http.Select(v => ShortConnections.Start(lab.Client, "short", v, 8, TimeSpan.FromMilliseconds(10))).ToArray();
var k = new List<KeptConnections>(); foreach (var v in http) k.Add(await KeptConnections.StartAsync(lab.Client, "kept", v, 128, TimeSpan.FromMilliseconds(100), default));
var d = new List<DatagramFlows>(); foreach (var v in echo) d.Add(await DatagramFlows.StartAsync(lab.Client, "udp", v, 64, TimeSpan.FromMilliseconds(40)));
Console.WriteLine($"on {sw.Elapsed}");
await Task.Delay(5000);
foreach (var x in s) { var t = await x.StopAsync(); Console.WriteLine($"{t.Name} {t.Requests} {t.Failures.Length} {string.Join(' ', t.Backends)} {t.Failures.FirstOrDefault()}"); }
foreach (var x in k) { var t = await x.StopAsync(); Console.WriteLine($"kept {t.Length} {t.Sum(c => c.Exchanges)} fail {t.Count(c => c.Failure != null)} longest {t.Max(c => c.Longest)} {t.FirstOrDefault(c => c.Failure != null)}"); }
foreach (var x in d) { var t = await x.StopAsync(default); Console.WriteLine($"udp {t.Length} {t.Sum(c => c.Sent)} lost {t.Sum(c => c.Lost)} twice {t.Sum(c => c.Twice)}"); }
await Task.Delay(300);
Console.WriteLine(ledger.Balance());
Console.WriteLine($"cpu {System.Diagnostics.Process.GetCurrentProcess().TotalProcessorTime} of {sw.Elapsed}");
return 0;
