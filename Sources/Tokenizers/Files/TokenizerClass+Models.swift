extension TokenizerClass {
    /// The class of each `model_type`, by its name in transformers 5.23.
    static let models = Dictionary(
        (followed.merging(unfollowed) { $1 }).flatMap { name, types in types.map { ($0, name) } },
        uniquingKeysWith: { $1 })

    private static let followed: [String: [String]] = [
        "GPT2Tokenizer": [
            "blip-2", "codegen", "dbrx", "emu3", "gpt2", "gpt_neo", "gptj", "hyperclovax_vision_v2", "instructblip",
            "instructblipvideo", "jais2", "opt", "phi", "starcoder2",
        ],
        "RobertaTokenizer": [
            "bart", "bridgetower", "clap", "data2vec-text", "ibert", "lilt", "longformer", "mra", "roberta",
            "roberta-prelayernorm",
        ],
        "GPTNeoXTokenizer": ["falcon_mamba", "gpt_neox", "mamba", "mamba2", "mpt", "olmo", "olmoe", "rwkv", "xlstm"],
        "CohereTokenizer": ["aya_vision", "cohere", "cohere2"],
        "Qwen2Tokenizer": [
            "audioflamingo3", "colqwen2", "cosmos3_omni", "dots3_note", "fun_asr_nano", "hunyuan_vl", "internvl",
            "lighton_ocr", "moss_transcribe_diarize", "ovis2", "qianfan_ocr", "qwen2", "qwen2_5_omni", "qwen2_5_vl",
            "qwen2_audio", "qwen2_moe", "qwen2_vl", "qwen3", "qwen3_asr", "qwen3_moe", "qwen3_next", "qwen3_omni_moe",
            "qwen3_vl", "qwen3_vl_moe", "vibevoice",
        ],
        "BertTokenizer": [
            "align", "bark", "bert", "blip", "bros", "chinese_clip", "convbert", "distilbert", "electra", "ernie",
            "flava", "git", "grounding-dino", "layoutlm", "megatron-bert", "mm-grounding-dino", "nomic_bert",
            "squeezebert", "tvp", "vilt", "visual_bert",
        ],
        "MPNetTokenizer": ["mpnet"],
        "LlamaTokenizer": ["idefics", "idefics2"],
        "GemmaTokenizer": [
            "diffusion_gemma", "gemma", "gemma2", "gemma3", "gemma3_text", "gemma3n", "gemma3n_text",
            "recurrent_gemma", "shieldgemma2", "t5gemma", "zaya",
        ],
        "XLMRobertaTokenizer": ["gte", "jina_embeddings_v3", "metaclip_2", "trocr", "xlm-roberta", "xmod"],
        "MBartTokenizer": ["mbart"],
        "T5Tokenizer": ["mt5", "musicgen", "musicgen_melody", "switch_transformers", "t5"],
        "BigBirdTokenizer": ["big_bird"],
        "PegasusTokenizer": ["pegasus"],
        "BartTokenizer": ["florence2"],
        "LEDTokenizer": ["led"],
        "MvpTokenizer": ["mvp"],
        "LxmertTokenizer": ["lxmert"],
        "MobileBertTokenizer": ["mobilebert"],
    ]

    /// They make a tokenizer anew too, in ways that are not followed here.
    private static let unfollowed: [String: [String]] = [
        "AlbertTokenizer": ["albert", "yoso"],
        "BertGenerationTokenizer": ["bert-generation"],
        "BioGptTokenizer": ["biogpt"],
        "BlenderbotSmallTokenizer": ["blenderbot-small"],
        "BlenderbotTokenizer": ["blenderbot"],
        "CLIPTokenizer": [
            "aimv2", "clip", "clipseg", "groupvit", "omdet-turbo", "oneformer", "owlv2", "owlvit", "sam3",
            "sam3_video", "xclip",
        ],
        "CTRLTokenizer": ["ctrl"],
        "CamembertTokenizer": ["camembert"],
        "CanineTokenizer": ["canine"],
        "ClvpTokenizer": ["clvp"],
        "CpmAntTokenizer": ["cpmant"],
        "DPRQuestionEncoderTokenizer": ["dpr"],
        "DebertaTokenizer": ["deberta"],
        "DebertaV2Tokenizer": ["deberta-v2"],
        "DiaTokenizer": ["dia"],
        "EsmTokenizer": ["esm"],
        "EsmcTokenizer": ["esmc", "esmfold2"],
        "FNetTokenizer": ["fnet"],
        "FSMTTokenizer": ["fsmt"],
        "FlaubertTokenizer": ["flaubert"],
        "FunnelTokenizer": ["funnel"],
        "GPTNeoXJapaneseTokenizer": ["gpt_neox_japanese"],
        "GPTSw3Tokenizer": ["gpt-sw3"],
        "LasrTokenizer": ["lasr_ctc", "lasr_encoder"],
        "LayoutLMv2Tokenizer": ["layoutlmv2"],
        "LayoutLMv3Tokenizer": ["layoutlmv3"],
        "LayoutXLMTokenizer": ["layoutxlm"],
        "LukeTokenizer": ["luke"],
        "M2M100Tokenizer": ["m2m_100"],
        "MarianTokenizer": ["marian"],
        "MarkupLMTokenizer": ["markuplm"],
        "MgpstrTokenizer": ["mgp-str"],
        "NllbTokenizer": ["nllb-moe"],
        "NougatTokenizer": ["nougat", "pp_formulanet"],
        "OpenAIGPTTokenizer": ["openai-gpt"],
        "PLBartTokenizer": ["plbart"],
        "ParakeetTokenizer": [
            "granite_speech5_ctc", "nemotron3_5_asr", "nemotron_asr_streaming", "parakeet_ctc", "parakeet_rnnt",
            "parakeet_tdt",
        ],
        "PerceiverTokenizer": ["perceiver"],
        "ProphetNetTokenizer": ["prophetnet"],
        "Qwen3_5Tokenizer": ["qwen3_5", "qwen3_5_moe", "qwen3_5_moe_text", "qwen3_5_text", "qwen4_exp"],
        "RagTokenizer": ["rag"],
        "ReformerTokenizer": ["reformer"],
        "RemBertTokenizer": ["rembert"],
        "RoCBertTokenizer": ["roc_bert"],
        "RoFormerTokenizer": ["roformer"],
        "SeamlessM4TTokenizer": ["seamless_m4t", "seamless_m4t_v2"],
        "Siglip2Tokenizer": ["siglip2"],
        "SiglipTokenizer": ["siglip"],
        "Speech2TextTokenizer": ["speech_to_text"],
        "SpeechT5Tokenizer": ["speecht5"],
        "SplinterTokenizer": ["splinter"],
        "TapasTokenizer": ["tapas"],
        "Tipsv2Tokenizer": ["tipsv2"],
        "UdopTokenizer": ["udop"],
        "VideoPrismTokenizer": ["videoprism"],
        "VitsTokenizer": ["vits"],
        "Wav2Vec2CTCTokenizer": [
            "data2vec-audio", "hubert", "unispeech", "unispeech-sat", "wav2vec2", "wav2vec2-bert",
            "wav2vec2-conformer",
        ],
        "WhisperTokenizer": ["whisper"],
        "XGLMTokenizer": ["xglm"],
        "XLMTokenizer": ["xlm"],
        "XLNetTokenizer": ["xlnet"],
    ]

    /// The names of those, with such as no model has of itself.
    static let others = Set(unfollowed.keys).union([
        "BarthezTokenizer", "BartphoTokenizer", "BertJapaneseTokenizer", "BertweetTokenizer", "ByT5Tokenizer",
        "CodeLlamaTokenizer", "CpmTokenizer", "HerbertTokenizer", "MBart50Tokenizer", "MLukeTokenizer",
        "MyT5Tokenizer", "PhobertTokenizer", "Wav2Vec2PhonemeCTCTokenizer", "ConvBertTokenizer",
        "DPRContextEncoderTokenizer", "DPRReaderTokenizer",
    ])

    /// Models that name no class, and whose folders must not either: their tokenizer.json is taken as it is.
    static let plainModels: Set = [
        "EvollaModel", "arctic", "aria", "beam", "bigbird_pegasus", "camembertv2-base", "canary", "chatlm",
        "cohere_asr", "ernie4_5", "ernie4_5_moe", "flex_olmo", "fuyu", "glm", "glm4", "glm4_moe", "glm4_moe_lite",
        "glm4v", "glm4v_moe", "glm_image", "glmasr", "got_ocr2", "gpt_bigcode", "gradium_phonon_tts", "granite",
        "granitemoe", "granitemoehybrid", "granitemoeshared", "h2ovl_chat", "hyperclovax", "hyperclovax_vlm",
        "internlm2", "internlm3", "iquestcoder", "jamba", "kimi_k25", "kimi_linear", "kosmos-2", "llava",
        "llava_next", "mimo_v2_flash", "minicpm3", "minicpm_ocr", "minicpmv", "minicpmv4_6", "minicpmv4_7",
        "minimax_m2", "ministral", "ministral3", "mistral", "mistral3", "mistral_large4", "mixtral", "modernbert",
        "modernbert-decoder", "molmo", "molmo2", "nemo_speechlm", "nemotron", "nvfp4", "nystromformer", "olmo2",
        "olmo3", "olmo_hybrid", "opencua", "openvla", "paddleocr_vl", "pegasus_x", "persimmon", "phi3", "phi3_v",
        "phimoe", "pix2struct", "pixtral", "pocket_tts", "smolvlm", "stablelm", "step3_vl", "umt5", "vipllava",
        "voxtral", "voxtral_realtime", "xlm-roberta-xl",
    ]

    /// Models whose class counts more than the one that the folder names.
    static let strictModels: Set = [
        "hyperclovax_vision_v2", "qwen2", "qwen3_5", "qwen3_5_moe", "qwen3_5_moe_text", "qwen4_exp", "siglip2",
    ]
}
