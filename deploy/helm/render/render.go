// Renders the chart without Helm: Go's templates and sprig, as Helm has them, with the few functions that Helm adds and
// the chart uses. For the tests: helm itself is in no package of Debian.
//
//	go run render.go ../ocpp-csms RELEASE '{"ingress":{"enabled":true}}'
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"gopkg.in/yaml.v2"
)

func main() {
	chart, release := os.Args[1], os.Args[2]
	values := read(filepath.Join(chart, "values.yaml"))
	overrides := map[string]interface{}{}
	must(json.Unmarshal([]byte(os.Args[3]), &overrides))
	merge(values, overrides)
	metadata := read(filepath.Join(chart, "Chart.yaml"))
	data := map[string]interface{}{
		"Values":   values,
		"Chart":    map[string]interface{}{"Name": metadata["name"], "AppVersion": metadata["appVersion"]},
		"Release":  map[string]interface{}{"Name": release, "Namespace": "default", "Service": "Helm"},
		"Template": map[string]interface{}{"BasePath": "templates"},
	}

	all := template.New("chart").Option("missingkey=zero")
	functions := sprig.TxtFuncMap()
	functions["include"] = func(name string, data interface{}) (string, error) {
		var text bytes.Buffer
		err := all.ExecuteTemplate(&text, name, data)
		return text.String(), err
	}
	functions["toYaml"] = func(value interface{}) (string, error) {
		text, err := yaml.Marshal(value)
		return strings.TrimSuffix(string(text), "\n"), err
	}
	// As when nothing is installed yet.
	functions["lookup"] = func(string, string, string, string) map[string]interface{} { return map[string]interface{}{} }
	all.Funcs(functions)

	files, err := filepath.Glob(filepath.Join(chart, "templates", "*"))
	must(err)
	sort.Strings(files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		must(err)
		_, err = all.New("templates/" + filepath.Base(file)).Parse(string(text))
		must(err)
	}
	for _, file := range files {
		if !strings.HasSuffix(file, ".yaml") {
			continue
		}
		name := "templates/" + filepath.Base(file)
		fmt.Printf("---\n# %s\n", name)
		must(all.ExecuteTemplate(os.Stdout, name, data))
		fmt.Println()
	}
}

func read(file string) map[string]interface{} {
	text, err := os.ReadFile(file)
	must(err)
	var content interface{}
	must(yaml.Unmarshal(text, &content))
	return withTextKeys(content).(map[string]interface{})
}

// Helm's maps have text as keys, those of this YAML package anything.
func withTextKeys(value interface{}) interface{} {
	switch typed := value.(type) {
	case map[interface{}]interface{}:
		result := map[string]interface{}{}
		for key, member := range typed {
			result[fmt.Sprint(key)] = withTextKeys(member)
		}
		return result
	case []interface{}:
		for index, member := range typed {
			typed[index] = withTextKeys(member)
		}
	}
	return value
}

func merge(target, over map[string]interface{}) {
	for key, value := range over {
		inner, isMap := value.(map[string]interface{})
		below, wasMap := target[key].(map[string]interface{})
		if isMap && wasMap {
			merge(below, inner)
		} else {
			target[key] = value
		}
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
