import Foundation
import RopewalkFormats
import RopewalkPhrases

/// What a configuration says of how the weights are quantised.
struct Quantisation {
    /// The packages and formats that are read, as `quant_method` names them.
    enum Method: String {
        case gptq, awq, bitsandbytes, fp8, mxfp4, mlx
        case fbgemm = "fbgemm_fp8"
        case compressedTensors = "compressed-tensors"
    }

    let method: Method
    /// The object that says it, and the file and key where it stands.
    let settings: JSONValue
    let file: String
    let key: String

    /// Nil where the weights are not quantised.
    /// - Throws: a method, or a variant of one, that is not read.
    init?(_ root: JSONValue, file: String) throws(ModelError) {
        let text = root["text_config"]
        if let settings = Self.object(root, "quantization_config") ?? Self.object(text, "quantization_config"),
            settings["quant_method"] != nil || settings["bits"] == nil || settings["group_size"] == nil
        {
            try self.init(settings, file: file, key: "quantization_config")
        } else if let settings = Self.object(root, "quantization") ?? Self.object(root, "quantization_config") {
            // MLX names no method.
            self.init(method: .mlx, settings: settings, file: file, key: "quantization")
            try checkMLX(settings, key)
        } else {
            return nil
        }
    }

    /// The files that older versions of the packages write beside config.json; nil where there is none.
    init?(folder: String) throws(ModelError) {
        for (name, method) in [("quantize_config.json", Method.gptq), ("quant_config.json", .awq)] {
            let file = folder + "/" + name
            guard FileManager.default.fileExists(atPath: file) else { continue }
            let root: JSONValue
            do { root = try JSONDocument(contentsOf: file).root } catch { throw .format(error) }
            self.init(method: method, settings: root, file: file, key: name)
            try check()
            return
        }
        return nil
    }

    private init(method: Method, settings: JSONValue, file: String, key: String) {
        self.method = method
        self.settings = settings
        self.file = file
        self.key = key
    }

    private init(_ settings: JSONValue, file: String, key: String) throws(ModelError) {
        let name = settings["quant_method"]?.string ?? Self.unnamed(settings)
        let spelled = ["quantization_fp8": "fp8", "finegrained_fp8": "fp8", "sparseml": "compressed-tensors"]
        guard let method = Method(rawValue: (spelled[name] ?? name).lowercased()) else {
            let bits = settings["bits"]?.integer.map { say(", \($0) bits") } ?? ""
            throw .configuration(
                file: file, key: key,
                problem: say(
                    """
                    the weights are quantised (\(String(name.prefix(40)))\(bits)), which is not read: use the \
                    original model or a GGUF file
                    """))
        }
        self.init(method: method, settings: settings, file: file, key: key)
        try check()
    }

    private static func object(_ root: JSONValue?, _ key: String) -> JSONValue? {
        guard let value = root?[key], value.members?.isEmpty == false else { return nil }
        return value
    }

    /// bitsandbytes left its name out at first.
    private static func unnamed(_ settings: JSONValue) -> String {
        settings["load_in_4bit"] != nil || settings["load_in_8bit"] != nil ? "bitsandbytes" : say("an unnamed method")
    }

    func refused(_ what: String) -> ModelError {
        .configuration(
            file: file, key: key,
            problem: say(
                """
                the weights are quantised (\(method.rawValue)) with \(what), which is not read: use the \
                original model or a GGUF file
                """))
    }

    // MARK: Variants

    /// A value, in lower case, that must be one of some.
    private func only(_ name: String, _ allowed: Set<String>) throws(ModelError) {
        guard let value = settings[name], !value.isNull else { return }
        guard let text = value.string, allowed.contains(text.lowercased()) else {
            throw refused("\(name) \(value.summary)")
        }
    }

    private func check() throws(ModelError) {
        switch method {
        case .gptq:
            try only("checkpoint_format", ["gptq", "gptq_v2"])
            try only("format", ["gptq", "gptq_v2"])
            try only("pack_dtype", ["int32"])
            if settings["is_marlin_format"]?.bool == true { throw refused(say("the order of Marlin")) }
            if let adapter = settings["adapter"], !adapter.isNull { throw refused(say("an adapter of its own")) }
        case .awq:
            try only("version", ["gemm"])
            try only("format", ["gemm"])
            if settings["zero_point"]?.bool == false { throw refused(say("zero_point false")) }
        case .compressedTensors: try checkCompressed()
        case .bitsandbytes, .fp8, .fbgemm, .mxfp4, .mlx: break
        }
    }

    private func checkCompressed() throws(ModelError) {
        let read: Set = [
            "dense", "int-quantized", "float-quantized", "naive-quantized", "pack-quantized", "mixed-precision",
            "nvfp4-pack-quantized", "mxfp4-pack-quantized",
        ]
        try only("format", read)
        for group in settings["config_groups"]?.members ?? [] {
            guard let format = group.value["format"], !format.isNull else { continue }
            if !read.contains(format.string ?? "") { throw refused(say("format \(format.summary)")) }
        }
        if let format = settings["sparsity_config"]?["format"]?.string, format != "dense" {
            throw refused(say("sparsity \(format.debugDescription)"))
        }
        if let transform = settings["transform_config"], transform.members?.isEmpty == false,
            transform["config_groups"]?.members?.isEmpty != true
        {
            throw refused(say("a transform_config, which turns the states between layers"))
        }
    }

    private func checkMLX(_ settings: JSONValue, _ place: String) throws(ModelError) {
        if let mode = settings["mode"]?.string, !["affine", "mxfp4"].contains(mode) {
            throw refused(say("mode \(mode.debugDescription)"))
        }
        for member in settings.members ?? [] where member.value["bits"] != nil || member.value["mode"] != nil {
            try checkMLX(member.value, member.key)
        }
    }

    // MARK: For readers

    /// How the weights are stored, in a line.
    var title: String {
        let bits = (settings["bits"] ?? settings["w_bit"])?.integer.map { say(", \($0) bits") } ?? ""
        let size = (settings["group_size"] ?? settings["q_group_size"])?.integer
        let groups = size.map { $0 > 0 ? say(", groups of \($0)") : say(", a scale an output") } ?? ""
        switch method {
        case .gptq:
            let order = settings["desc_act"]?.bool == true ? say(", ordered by activation") : ""
            return "GPTQ" + bits + groups + order
        case .awq: return "AWQ\(bits)\(groups)"
        case .mlx: return "MLX\(bits)\(groups)"
        case .mxfp4: return say("MXFP4, 4 bits, groups of 32")
        case .bitsandbytes:
            guard settings["load_in_4bit"]?.bool == true else { return say("bitsandbytes, 8 bits, a scale an output") }
            let nested = settings["bnb_4bit_use_double_quant"]?.bool == true ? say(", scales quantised too") : ""
            return say("bitsandbytes, 4 bits (\(settings["bnb_4bit_quant_type"]?.string ?? "fp4"))\(nested)")
        case .fp8, .fbgemm:
            let block = settings["weight_block_size"]?.array?.compactMap(\.integer) ?? []
            return block.count == 2 ? say("FP8, blocks of \(block[0]) x \(block[1])") : "FP8"
        case .compressedTensors: return "compressed-tensors, " + (settings["format"]?.string ?? say("no format named"))
        }
    }

    /// What packages that run such weights do and this program does not; nil where they do what it does.
    var remark: String? {
        let groups = settings["config_groups"]?.members ?? []
        let roundsActivations =
            switch method {
            case .fp8, .fbgemm: true
            case .bitsandbytes: settings["load_in_8bit"]?.bool == true
            case .compressedTensors:
                groups.contains { $0.value["input_activations"].map { !$0.isNull } ?? false }
            case .gptq, .awq, .mxfp4, .mlx: false
            }
        return roundsActivations
            ? say(
                """
                the weights are those of the files; activations are not rounded to 8 bits, as \
                \(method.rawValue) does
                """)
            : nil
    }
}
