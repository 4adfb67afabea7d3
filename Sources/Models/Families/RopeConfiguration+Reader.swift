import RopewalkFormats
import RopewalkMethods
import RopewalkPhrases

extension RopeConfiguration {
    /// What a configuration says in the object of its rotary positions, checked as it is read.
    struct Reader {
        let configuration: Configuration
        /// Where the object lies, for errors.
        let key: String
        /// The objects that it was put together from; the first that has a member says its value.
        private let objects: [(key: String, value: JSONValue)]

        /// - Parameters:
        ///   - layerType: the kind of layers, for families whose files have an object for each
        ///   - scalesAll: whether a scaling is about layers of all kinds
        init(_ configuration: Configuration, layerType: String?, scalesAll: Bool = false) throws(ModelError) {
            self.configuration = configuration
            let scaling = try Self.object("rope_scaling", configuration)
            let parameters = try Self.object("rope_parameters", configuration)
            if let layerType {
                let scaling = scalesAll || layerType == "full_attention" ? scaling : nil
                objects = try Self.ofLayers(layerType, scaling, parameters, configuration)
            } else if let scaling {
                objects = [("rope_scaling", scaling)]
                if parameters != nil, configuration.stated("rope_parameters") != nil {
                    configuration.log.remark(
                        say("rope_parameters and rope_scaling are both there: rope_scaling is taken"))
                }
            } else {
                objects = parameters.map { [("rope_parameters", $0)] } ?? []
            }
            key = objects.first?.key ?? "rope_scaling"
        }

        /// An object with members; nil for none.
        private static func object(_ key: String, _ configuration: Configuration) throws(ModelError) -> JSONValue? {
            guard let value = configuration.value(key) else { return nil }
            guard let members = value.members else { throw configuration.problem(key, say("must be an object")) }
            return members.isEmpty ? nil : value
        }

        /// - Parameter scaling: that of these layers
        private static func ofLayers(
            _ type: String, _ scaling: JSONValue?, _ parameters: JSONValue?, _ configuration: Configuration
        ) throws(ModelError) -> [(key: String, value: JSONValue)] {
            var objects: [(key: String, value: JSONValue)] = []
            if let scaling {
                // The reference would take such a scaling for none.
                guard scaling["rope_type"] != nil || scaling["type"] == nil else {
                    throw configuration.problem(
                        "rope_scaling.type", say("is not read in this family: name it rope_type"))
                }
                objects.append(("rope_scaling", scaling))
            }
            guard let parameters else { return objects }
            let own = parameters[type].flatMap { $0.isNull ? nil : $0 }
            guard own != nil || parameters["full_attention"] != nil || parameters["sliding_attention"] != nil else {
                throw configuration.problem(
                    "rope_parameters",
                    say("has neither full_attention nor sliding_attention, as this family's files do"))
            }
            guard let own else { return objects }
            guard own.members != nil else {
                throw configuration.problem("rope_parameters.\(type)", say("must be an object"))
            }
            return objects + [("rope_parameters." + type, own)]
        }

        func problem(_ name: String, _ problem: String) -> ModelError {
            configuration.problem(key + "." + name, problem)
        }

        /// A member that is there, null or not.
        private func stated(_ name: String) -> JSONValue? {
            for object in objects { configuration.note(object.key + "." + name) }
            return objects.lazy.compactMap { $0.value[name] }.first
        }

        func value(_ name: String) -> JSONValue? { stated(name).flatMap { $0.isNull ? nil : $0 } }

        func isNull(_ name: String) -> Bool { stated(name)?.isNull ?? false }

        func string(_ name: String) throws(ModelError) -> String? {
            guard let value = value(name) else { return nil }
            guard let string = value.string else { throw problem(name, say("must be a string")) }
            return string
        }

        func optional(_ name: String, _ range: ClosedRange<Double>) throws(ModelError) -> Double? {
            guard let value = value(name) else { return nil }
            guard let number = value.number, range.contains(number) else {
                throw problem(name, say("must be a number from \(range.lowerBound) to \(range.upperBound)"))
            }
            return number
        }

        func number(
            _ name: String, _ range: ClosedRange<Double> = 1e-6...1e9, default standard: Double? = nil
        ) throws(ModelError) -> Double {
            if let value = try optional(name, range) { return value }
            guard let standard else { throw problem(name, say("is missing")) }
            return standard
        }

        /// A number where 0 stands for what holds by default, as in the reference.
        func notZero(_ name: String, default standard: Double) throws(ModelError) -> Double {
            let value = try optional(name, 0...1e9) ?? 0
            return value == 0 ? standard : value
        }

        func factor() throws(ModelError) -> Double { try number("factor", 1...1e6) }

        func list(_ name: String) throws(ModelError) -> [Double] {
            guard let elements = value(name)?.array else { throw problem(name, say("must be a list of numbers")) }
            guard elements.count <= ListDescription.limit else {
                throw problem(name, say("has more than \(ListDescription.limit) numbers"))
            }
            var numbers: [Double] = []
            for element in elements {
                guard let number = element.number, number.isFinite, number > 0 else {
                    throw problem(name, say("must hold numbers above 0"))
                }
                numbers.append(number)
            }
            return numbers
        }
    }
}
