using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.FileProviders;

namespace Sclip.Dashboard;

/// <summary>Serves the pages: plain files from this assembly, which ask the service for all else.</summary>
public static class DashboardPage
{
    // Scripts, styles and pictures come from here alone, and nothing that stands in the page's text is ever run.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Gives every answer the headers that bind a browser.</summary>
    public static IApplicationBuilder UsePageHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        // Errors clear the headers that are set before, so they are set when the answer starts.
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            return Task.CompletedTask;
        });
        return next(context);
    });

    /// <summary>Serves the pages' files, to all: there is nothing of a job in them.</summary>
    /// <param name="app">The service.</param>
    /// <param name="start">The file at <c>/</c>.</param>
    public static void UseDashboardPage(this IApplicationBuilder app, string start = "index.html")
    {
        var files = new EmbeddedFileProvider(typeof(DashboardPage).Assembly, $"{typeof(DashboardPage).Namespace}.Page");
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files, DefaultFileNames = [start] });
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files,
            // Asked for anew each time, and answered with 304: an update of the service is an update of the page.
            OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache",
        });
    }
}
