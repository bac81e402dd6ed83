namespace Sclip.Segmentation;

/// <summary>What checkpoints are that look like CLIP's and are none, or whose text tower reads tokens of another tokenizer: they are refused by name.</summary>
internal static class ForeignModels
{
    /// <summary>The end of such a refusal.</summary>
    public const string WhatFits = "Models that fit are CLIP with its own byte-pair tokenizer, such as openai/clip-vit-base-patch16.";

    private const string SentencePiece = "SentencePiece", WordPiece = "WordPiece (BERT)";

    private static readonly (string File, string Tokenizer)[] TokenizerFiles =
        [("spiece.model", SentencePiece), ("sentencepiece.bpe.model", SentencePiece), ("tokenizer.model", SentencePiece), ("vocab.txt", WordPiece)];

    /// <summary>The refusal of a config.json by its model_type.</summary>
    public static ModelFormatException OfType(string path, string type)
    {
        var name = type switch
        {
            "siglip" => $"SigLIP, whose text tower reads {SentencePiece} tokens",
            "siglip2" => $"SigLIP 2, whose text tower reads {SentencePiece} tokens",
            "metaclip_2" => $"MetaCLIP 2, whose text tower reads {SentencePiece} tokens",
            "altclip" => $"AltCLIP, whose text tower reads {SentencePiece} tokens",
            "chinese_clip" => $"Chinese-CLIP, whose text tower reads {WordPiece} tokens",
            "align" => $"ALIGN, whose text tower reads {WordPiece} tokens",
            "vision-text-dual-encoder" => "two towers of other models",
            "clip_vision_model" or "clip_text_model" => "one tower of CLIP without the other",
            _ => null,
        };
        return new($"{path}: model_type is '{type}'{(name is null ? "" : $" ({name})")}; only 'clip' is supported. {(GuideConfig.KindOf(type) is null ? WhatFits : "It is a guide: give it by --guide, beside a CLIP.")}");
    }

    /// <summary>Refuses a directory that has the vocabulary of another tokenizer.</summary>
    /// <exception cref="ModelFormatException">It has one.</exception>
    public static void RefuseTokenizerOf(string directory)
    {
        foreach (var (file, tokenizer) in TokenizerFiles)
            if (Path.Combine(directory, file) is var path && File.Exists(path))
                throw new ModelFormatException($"{path}: the text tower reads {tokenizer} tokens. {WhatFits}");
    }
}
