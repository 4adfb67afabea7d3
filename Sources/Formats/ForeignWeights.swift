import RopewalkPhrases

/// Weights in forms that are not read, by the names of their files.
enum ForeignWeights {
    /// Files whose names tell exactly what they are.
    static func own(_ folder: FolderContents) -> FormatError? {
        let piece = folder.names.first {
            $0.lowercased().contains(".gguf-split-") || $0.lowercased().contains(".gguf.part")
        }
        if let piece {
            return folder.problem(
                say(
                    """
                    \(FormatError.quoted(piece)) is a piece of a GGUF file: join all of them in their order \
                    with cat, and name the result
                    """))
        }
        if let publisher = consolidated(folder) { return folder.problem(publisher) }
        guard folder.names.contains(where: { $0.hasPrefix("adapter_model.") }) else { return nil }
        return folder.problem(
            say(
                """
                holds an adapter and no model: adapter_config.json names the model that it belongs to as \
                base_model_name_or_path
                """))
    }

    /// What Mistral and Meta publish beside the files of Hugging Face, with names of their own for all tensors.
    private static func consolidated(_ folder: FolderContents) -> String? {
        let files = folder.names.filter { $0.hasPrefix("consolidated.") || $0.hasPrefix("consolidated-") }
        guard !files.isEmpty else { return nil }
        let isMeta = files.contains { $0.hasSuffix(".pth") }
        let script = isMeta ? "convert_llama_weights_to_hf.py" : "convert_mistral_weights_to_hf.py"
        return say(
            """
            holds the files of \(isMeta ? "Meta" : "Mistral")'s own programs (\(files[0]), params.json), which \
            are not read; fetch config.json and model*.safetensors of the same model, or convert them with \
            transformers' \(script)
            """)
    }

    /// Weights that torch.save wrote; other files of that kind hold what belongs to training.
    static func pickle(_ folder: FolderContents) -> FormatError? {
        let others = [
            "training_args.bin", "optimizer.bin", "optimizer.pt", "scheduler.bin", "scheduler.pt", "scaler.pt",
        ]
        let isThere = folder.names.contains { name in
            guard !others.contains(name), !name.hasPrefix("rng_state"), name != "openvino_model.bin" else {
                return false
            }
            return name.hasPrefix("pytorch_model") || [".bin", ".pt", ".pth"].contains { name.hasSuffix($0) }
        }
        return isThere ? .pickle(file: folder.folder) : nil
    }

    /// Weights for other programs.
    static func other(_ folder: FolderContents) -> FormatError? {
        for name in folder.names {
            guard let form = forms.first(where: { name.lowercased().hasSuffix($0.ending) }) else { continue }
            return folder.problem(
                say(
                    """
                    has weights for \(form.program.said) only (\(FormatError.quoted(name))), which are not \
                    read; fetch the model as safetensors or GGUF
                    """))
        }
        return nil
    }

    private static let forms: [(ending: String, program: String)] = [
        (".onnx", "ONNX"), (".onnx_data", "ONNX"), ("tf_model.h5", "TensorFlow"), (".h5", "Keras"),
        ("saved_model.pb", "TensorFlow"), (".ckpt.index", "TensorFlow"), (".tflite", "TensorFlow Lite"),
        (".msgpack", "Flax"), (".mlmodel", "Core ML"), (".mlpackage", "Core ML"), (".mlmodelc", "Core ML"),
        ("openvino_model.xml", "OpenVINO"), (".ot", "rust-bert"), (".npz", "an old MLX"), (".ggml", "an old llama.cpp"),
        (".engine", "TensorRT"), ("ndarray-cache.json", "MLC"), (".nemo", "NeMo"), (".task", "MediaPipe"),
        (".litertlm", "LiteRT"), (".llamafile", "llamafile"),
    ]
}
