using System.Text.RegularExpressions;
using Sclip.Dispatcher;
using Sclip.Workbench;
using Sclip.Worker;

namespace Sclip.Deployment.Tests.Reference;

/// <summary>That docs/http-api.md has every route of the services, with the keys of its query and its statuses, and no other.</summary>
public class HttpApiTests
{
    private const string Broker = "--Broker:Uri=amqp://guest:guest@127.0.0.1:1/";

    private static readonly Page Page = new("http-api.md");

    /// <summary>Statuses that any route of the dispatcher may answer with; the page tells them once.</summary>
    private static readonly int[] OfAll = [400, 401, 403, 503];

    [Fact]
    public async Task The_dispatcher_has_the_routes_of_the_page()
    {
        var routes = (await Route.OfAsync(DispatcherHost.Build, Broker)).Except(await OfEveryServiceAsync(), ByName).ToArray();
        var rows = Page.Rows("The dispatcher");
        Assert.Equal(routes.Select(route => route.Name), Names(rows));
        foreach (var row in rows)
        {
            var route = routes.Single(route => route.Name == row[0].Trim('`'));
            Assert.Equal(route.Query.Order(StringComparer.Ordinal), Regex.Matches(row[1], "`([a-z]+)=").Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal));
            // What the framework adds for itself, to the document and to the proxy, has no statuses.
            if (route.Statuses.Length > 0)
                Assert.Equal((route.Name, string.Join(", ", route.Statuses.Except(OfAll))), (route.Name, row[3]));
        }
    }

    [Fact]
    public async Task The_workbench_has_the_routes_of_the_page()
    {
        var routes = (await Route.OfAsync(WorkbenchHost.Build, "--Workbench:Device=cpu")).Except(await OfEveryServiceAsync(), ByName);
        Assert.Equal(routes.Select(route => route.Name), Names(Page.Rows("The workbench")));
    }

    [Fact]
    public async Task Every_service_has_what_watches_it() => Assert.Equal((await OfEveryServiceAsync()).Select(route => route.Name), Names(Page.Rows("Every service")));

    private static IEqualityComparer<Route> ByName { get; } = EqualityComparer<Route>.Create((one, other) => one?.Name == other?.Name, route => route.Name.GetHashCode(StringComparison.Ordinal));

    /// <summary>A worker has no other routes than those that all services have.</summary>
    private static Task<Route[]> OfEveryServiceAsync() => Route.OfAsync(args => WorkerHost.Build(args), Broker, "--Worker:Device=cpu");

    private static IEnumerable<string> Names(string[][] rows) => rows.Select(row => row[0].Trim('`')).Order(StringComparer.Ordinal);
}
