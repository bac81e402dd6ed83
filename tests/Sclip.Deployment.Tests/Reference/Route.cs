using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Sclip.Testing;

namespace Sclip.Deployment.Tests.Reference;

/// <summary>A route of a service.</summary>
/// <param name="Name">Method and path.</param>
/// <param name="Query">Keys that its query takes.</param>
/// <param name="Statuses">Statuses that it is declared to answer with.</param>
internal sealed partial record Route(string Name, string[] Query, int[] Statuses)
{
    /// <summary>The routes of a service that is built and not started: neither broker nor store is asked.</summary>
    public static async Task<Route[]> OfAsync(Func<string[], WebApplication> build, params string[] settings)
    {
        using var folder = new TemporaryFolder();
        await using var app = build([$"--Store:Folder={folder.Path}", .. settings]);
        return [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(endpoint => MethodsOf(endpoint).Select(method => new Route($"{method} {PathOf(endpoint)}", QueryOf(endpoint), StatusesOf(endpoint)))).OrderBy(route => route.Name, StringComparer.Ordinal)];
    }

    private static IReadOnlyList<string> MethodsOf(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["any"];

    private static string PathOf(RouteEndpoint endpoint) => "/" + Constraint().Replace(endpoint.RoutePattern.RawText!.Replace("**", "", StringComparison.Ordinal), "}").Trim('/');

    private static string[] QueryOf(RouteEndpoint endpoint) => [.. endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters()
        .Where(parameter => parameter.GetCustomAttribute<FromQueryAttribute>() is not null).Select(parameter => parameter.GetCustomAttribute<FromQueryAttribute>()!.Name ?? parameter.Name!) ?? []];

    private static int[] StatusesOf(RouteEndpoint endpoint) => [.. endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>().Select(answer => answer.StatusCode).Distinct().Order()];

    [GeneratedRegex(@":\w+\}")]
    private static partial Regex Constraint();
}
