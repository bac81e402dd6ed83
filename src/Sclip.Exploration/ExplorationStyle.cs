namespace Sclip.Exploration;

/// <summary>The page's own rules of CSS.</summary>
internal static class ExplorationStyle
{
    public static string Css { get; } = $$"""
        nav { display: flex; flex-wrap: wrap; gap: 12px; margin: 16px 0 8px; }
        nav a { width: 120px; color: inherit; text-decoration: none; font-size: 12px; overflow-wrap: anywhere; }
        nav img { width: 100%; aspect-ratio: 4 / 3; object-fit: cover; margin-bottom: 4px; } nav a:hover span, nav a:focus span { text-decoration: underline; }
        .hints td, .hints th { white-space: nowrap; } .hints td:last-child, .hints th:last-child { text-align: left; } .hints td:last-child { white-space: normal; min-width: 28ch; }
        .hints td:first-child { white-space: normal; min-width: 14ch; max-width: 32ch; overflow-wrap: anywhere; }
        .name::before { content: ""; display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 8px; background: var(--c); box-shadow: inset 0 0 0 1px rgb(128 128 128 / .35); }
        .bar { display: inline-block; width: 56px; height: 6px; margin-right: 8px; border-radius: 3px; background: var(--line); overflow: hidden; vertical-align: 1px; }
        .bar i { display: block; height: 100%; background: #6a8fd8; border-radius: 3px; }
        summary { cursor: pointer; font-weight: 600; padding: 6px 0; }
        h2 small { font-weight: 400; color: var(--soft); margin-left: 8px; font-size: 14px; } h3 { font-size: 15px; margin: 24px 0 8px; }
        section.picture { border-top: 1px solid var(--line); margin-top: 40px; } h2 { overflow-wrap: anywhere; }
        .maps { display: grid; grid-template-columns: repeat(var(--n), minmax(0, 1fr)); gap: 12px 12px; } .maps + .maps { margin-top: 14px; } .maps figure { min-width: 0; } .maps img { width: 100%; }
        figcaption { padding-top: 5px; line-height: 1.35; } figcaption b { color: CanvasText; font-weight: 600; }
        .zoom { display: block; position: relative; cursor: zoom-in; border-radius: 4px; outline-offset: 2px; }
        .zoom:focus { z-index: 5; cursor: default; }
        .zoom:focus > img { position: fixed; inset: 0; z-index: 5; width: 100vw; height: 100vh; max-width: none; padding: 4vmin; box-sizing: border-box; object-fit: contain; border-radius: 0; background: rgb(12 12 14 / .9); }
        .zoom:focus > :not(img) { display: none; }
        .mark { position: absolute; width: 14px; height: 14px; margin: -7px 0 0 -7px; border: 2.5px solid #fff; border-radius: 50%; box-sizing: border-box; box-shadow: 0 0 0 1.5px #000, inset 0 0 0 1.5px #000; }
        .mark b { position: absolute; left: 14px; top: -7px; font-size: 12px; line-height: 1; color: #fff; text-shadow: 0 0 2px #000, 0 0 3px #000, 0 0 4px #000; }
        .frame { position: absolute; border: 1.5px dashed #fff; box-sizing: border-box; box-shadow: 0 0 0 1px rgb(0 0 0 / .55); border-radius: 2px; }
        .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, calc(var(--n) * 150px)), 1fr)); gap: 22px 28px; }
        .card header { display: flex; align-items: baseline; gap: 10px; margin-bottom: 6px; font-weight: 600; overflow-wrap: anywhere; } .card header small { color: var(--soft); font-weight: 400; margin-left: auto; white-space: nowrap; }
        .card .maps { gap: 6px; } .card figcaption { font-size: 12px; padding-top: 2px; }
        .scale { display: flex; align-items: center; gap: 8px; font-size: 12px; color: var(--soft); font-variant-numeric: tabular-nums; margin-top: 4px; }
        .scale i { flex: 1; height: 7px; border-radius: 4px; background: {{ColorScale.Gradient}}; }
        @media (max-width: 640px) { .aside { grid-column: 1 / -1; } .maps { grid-template-columns: repeat(2, minmax(0, 1fr)); } .card .maps { grid-template-columns: repeat(var(--n), minmax(0, 1fr)); } }
        """;
}
