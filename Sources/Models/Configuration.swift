import Formats
import Foundation

/// The values of a config.json, checked as they are read.
struct Configuration {
    let file: String
    let root: JSONValue

    init(folder: String) throws(ModelError) {
        file = folder + "/config.json"
        do { root = try JSONDocument(contentsOf: file).root } catch { throw .format(error) }
    }

    func problem(_ key: String, _ problem: String) -> ModelError {
        .configuration(file: file, key: key, problem: problem)
    }

    /// A value that is there and not null.
    func value(_ key: String) -> JSONValue? {
        guard let value = root[key], !value.isNull else { return nil }
        return value
    }

    /// A whole number within bounds that no real model leaves, so that products of sizes cannot overflow.
    func size(_ key: String, default standard: Int? = nil, limit: Int = 1 << 24) throws(ModelError) -> Int {
        guard let value = value(key) else {
            if let standard { return standard }
            throw problem(key, "is missing")
        }
        guard let size = value.integer, size > 0, size <= limit else {
            throw problem(key, "must be a whole number from 1 to \(limit)")
        }
        return size
    }

    func number(_ key: String, default standard: Double? = nil, above minimum: Double) throws(ModelError) -> Double {
        guard let value = value(key) else {
            if let standard { return standard }
            throw problem(key, "is missing")
        }
        guard let number = value.number, number.isFinite, number > minimum else {
            throw problem(key, "must be a number above \(minimum)")
        }
        return number
    }

    func flag(_ key: String, default standard: Bool) throws(ModelError) -> Bool {
        guard let value = value(key) else { return standard }
        guard let flag = value.bool else { throw problem(key, "must be true or false") }
        return flag
    }

    func string(_ key: String) throws(ModelError) -> String? {
        guard let value = value(key) else { return nil }
        guard let string = value.string else { throw problem(key, "must be a string") }
        return string
    }
}
