namespace Sclip.Workbench.Tests.Page;

/// <summary>The last question that was asked is the one whose answer is told last.</summary>
[Collection(nameof(PageTests))]
public sealed class JudgingTests(PageFixture fixture)
{
    [Fact]
    public async Task An_answer_that_comes_while_a_newer_question_waits_is_not_told_and_not_asked_in_full()
    {
        await using var bench = await fixture.OpenAsync();
        await bench.ReadyAsync();
        var told = await bench.Page.EvaluateAsync<string[]>("""
            async () => {
              const { judging } = await import('/judge.js');
              const [asked, told] = [[], []];
              const real = fetch;
              // The page itself asks for what it needs meanwhile.
              window.fetch = (url, options) => url !== 'there/judge' ? real(url, options) : new Promise((resolve, reject) => {
                const { of, settled } = JSON.parse(options.body);
                options.signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
                asked.push({ answer: draft => resolve(new Response(JSON.stringify({ of, settled, draft }))) });
              });
              const rest = time => new Promise(resolve => setTimeout(resolve, time));
              const until = async count => { while (asked.length < count) await rest(5); };
              const judge = judging('there', ({ of, settled }) => told.push(`${of}${settled ? ' in full' : ''}`));
              judge.ask({ body: { of: 'old' } }, 0);
              await until(1);
              judge.ask({ body: { of: 'new' } });
              asked[0].answer(['a name']);
              await until(2);
              asked[1].answer(['a name']);
              await until(3);
              asked[2].answer([]);
              await rest(1500);
              judge.close();
              return told;
            }
            """);
        Assert.Equal(["new", "new in full"], told);
    }
}
